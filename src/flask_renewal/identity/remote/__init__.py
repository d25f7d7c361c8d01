"""What an application that only verifies knows from the one that signs people in. Nothing here keeps a session."""
