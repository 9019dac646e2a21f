"""Which operations are generated: `--only`, and `--allow-partial` where some have errors."""
