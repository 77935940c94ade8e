"""What is printed: publication -> context -> figures -> HTML -> PDF. Takes published results and nothing else."""
