"""Lesson 08: deck B's 2-3-1 net, trained by hand."""

from grader_tests.lesson_08_two_three_one import forward, hidden_bpe, output_bpe, train, update

EXERCISES = (
    forward.EXERCISE,
    output_bpe.EXERCISE,
    hidden_bpe.EXERCISE,
    update.EXERCISE,
    train.EXERCISE,
)
