"""The admin's front page: how all is, what runs, what comes, what needs somebody.

Two parts refresh by themselves: what changes by the second, and what changes by the minute. Both are read anew in each
request, in a bounded time, whatever has piled up; what would take longer, the nodes have counted before.
"""
