"""Who calls and what it may do: the one gate, the policies that it decides by, and the words of a refusal."""
