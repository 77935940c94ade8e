"""Who signs in: accounts, and what part of the tree each may see."""
