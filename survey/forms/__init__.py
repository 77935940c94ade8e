"""What is typed in: WTForms, the questionnaire built from the instrument among them."""
