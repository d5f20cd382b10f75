"""The processes that the local cloud runs beside itself: emulators, functions, model servers."""
