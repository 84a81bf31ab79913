using System.Text.Json;

namespace SalesBrain.Integrations;

/// <summary>The outcome of a connection test.</summary>
/// <param name="Code">One of <see cref="SourceErrors"/>, or <c>ok</c>.</param>
/// <param name="Message">One sentence for the user. It holds no credential and no personal data.</param>
/// <param name="Quota">What the vendor said about its limits; null when it said nothing.</param>
/// <param name="Sample">One mapped person with masked values; null when the test reads none.</param>
public sealed record SourceTest(bool Ok, string Code, string Message, JsonElement? Quota = null, JsonElement? Sample = null);
