"""What is told: one audited record a wave, what is cut from it, and what is said of it afterwards."""
