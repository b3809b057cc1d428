"""Вахта: the working place of an emergency-dispatch service (аварийно-диспетчерская служба, АДС)."""
