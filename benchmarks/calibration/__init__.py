"""Whether intervals cover, false alarms stay rare and labels are as often right as they say: companies of known truth.

People are drawn whose inclinations are known, they answer the product's own questionnaire from 1 to 7, and the product
publishes; what it says is then held against what is true. `python -m benchmarks.calibration` writes
docs/calibration.md.
"""
