"""Who may do what: Google's facts about methods and roles, and the engine that decides by policies and conditions."""
