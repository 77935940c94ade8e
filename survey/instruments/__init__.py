"""What is asked: pure. Instruments and practices as data."""
