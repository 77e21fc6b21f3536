/** Policies to begin with, each with comments for a person who reads one for the first time. */
export const templates = {
  'read-only': {
    summary: 'Reading and listing is allowed; everything else is denied.',
    text: `# Reading is allowed, everything else is denied.
#
# What no rule allows is denied. Listing tools and the like always works.
# Deny beats ask, ask beats allow; the order of the rules does not matter.
version: 1
rules:
  # What a tool does is read from the words of its name: "read_file" reads,
  # "delete_listing" deletes. A tool whose name says nothing matches no allow.
  - id: reads
    effect: allow
    when: { operations: [read, list] }

  # Files that often hold secrets stay closed, whatever other rules allow.
  - id: no-secrets
    effect: deny
    when:
      path_pattern:
        - "**/.env*"
        - "**/.ssh/**"
        - "**/.aws/**"
        - "**/*.pem"
        - "**/id_{rsa,dsa,ecdsa,ed25519}*"

  # To keep reading inside one folder, put this condition into "reads":
  #   path_pattern: "~/project/**"
`,
  },
  'ask-writes': {
    summary: 'Reading is allowed; writing, deleting, running and sending asks a person first.',
    text: `# Reading is allowed; whatever changes, runs or sends something asks you first.
#
# What no rule allows or asks for is denied.
# Deny beats ask, ask beats allow; the order of the rules does not matter.
version: 1
rules:
  - id: reads
    effect: allow
    when: { operations: [read, list] }

  # A tool whose name tells nothing may do anything, so it is asked for as well.
  - id: changes
    effect: ask
    when: { operations: [write, delete, execute, send] }
    # By default one "yes" is good for one call. To let it stand for the same
    # call for ten minutes, remove the "#" of the next line:
    # grant: { ttl: 10m, scope: exact }

  # Files that often hold secrets stay closed, whatever other rules allow.
  - id: no-secrets
    effect: deny
    when:
      path_pattern:
        - "**/.env*"
        - "**/.ssh/**"
        - "**/.aws/**"
        - "**/*.pem"
        - "**/id_{rsa,dsa,ecdsa,ed25519}*"
`,
  },
  strict: {
    summary: 'Nothing is allowed but looking at what there is.',
    text: `# Nothing is allowed: the agent sees which tools there are and can call none.
#
# Add rules one by one, for example:
#
#   - id: read-project
#     effect: allow            # allow, ask or deny
#     when: { tool_name: "read_*", path_pattern: "~/project/**" }
version: 1
rules: []
`,
  },
  'allow-all': {
    summary: 'Everything is allowed and recorded.',
    text: `# Everything is allowed and recorded. Good for watching what an agent does;
# it protects nothing but the files of mcp-acp itself.
#
# Add deny and ask rules to narrow it: they win over this allow.
version: 1
rules:
  - id: everything
    effect: allow
    when: { mcp_method: "*" }

  # - id: no-deletes
  #   effect: deny
  #   when: { operations: delete }
`,
  },
} as const satisfies Record<string, { readonly summary: string; readonly text: string }>;
