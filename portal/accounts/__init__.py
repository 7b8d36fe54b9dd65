"""Who may act: users, teams, regions, permissions, sign-in and its sessions, the workspace, audit and outbox."""
