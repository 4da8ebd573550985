def propose(text): return {}
