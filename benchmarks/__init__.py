"""The measurements that the README quotes, each one command: ``scripts/bench NAME``."""
