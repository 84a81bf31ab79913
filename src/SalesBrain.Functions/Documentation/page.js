// Earlier versions of this page kept the token here.
window.localStorage.removeItem("authorized");

// Shows /api/openapi.json with Swagger UI.
window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#documentation",
  // The address names the operation that is open, so that it can be sent to a colleague.
  deepLinking: true,
  // The token goes with the page: a browser's storage outlives it, and other users of the browser could read it.
  persistAuthorization: false,
  docExpansion: "list",
  filter: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  defaultModelRendering: "example",
  // The badge would send the description to a server outside.
  validatorUrl: null
});
