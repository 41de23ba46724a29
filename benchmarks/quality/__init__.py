"""Quality of themes and pairs beside other methods, in one run: ``scripts/bench quality``."""
