"""What setup/demo shows: one provider, its plans, customers and contracts.

`story` tells it from beginning to end; each other module is one chapter.
Everything drawn by lot comes from a fixed seed and the contract's number, so
the same command gives the same demo.
"""
