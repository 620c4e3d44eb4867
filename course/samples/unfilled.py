# Nothing is filled in: the notebook was handed in as it was released.
# Expected: 0 in all five exercises with "not-implemented", and 0 for the written answer.
