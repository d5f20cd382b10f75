"""The decisions: from what is declared and what was observed to findings, without asking anybody anything."""
