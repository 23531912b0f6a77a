/** The visitor pastes the credential: a secret written into the page by the server would reach every visitor. */
export const FIRST_HEADERS = { Authorization: 'Bearer ' };

/** Three first operations, in an order that shows how access works here. */
export const FIRST_DOCUMENT = `# 1. Paste the API key or the session token that
#    "npm start" printed into Headers, below:
#    { "Authorization": "Bearer mktp_…" }
# 2. Run FirstLook.
query FirstLook {
  viewer { kind scopes }
  devices(first: 5) {
    totalCount
    nodes {
      hostname
      status
      alerts(first: 1) { nodes { severity message } }
    }
  }
}

# 3. What would an operation need? It is not run.
#    The docs show it too: "Access: needs …".
query WhatItNeeds {
  requiredScopes(document: "{ alerts { nodes { device { id } } } }") {
    scopes
    fields { coordinate scopes }
  }
}

# 4. A key without devices:write is refused before
#    anything runs, with the reason.
mutation AddDevice {
  createDevice(input: { hostname: "access-sw-07", ipAddress: "10.20.0.7" }) {
    device { id hostname }
  }
}
`;
