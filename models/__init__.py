"""Embedding models: what they are (manifest.toml), how they are verified, built and loaded."""
