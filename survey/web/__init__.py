"""What is shown: one blueprint a noun, thin views."""
