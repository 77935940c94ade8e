"""What may be asked: instruments that ship with the product, those a company brought in, and extra items of a wave."""
