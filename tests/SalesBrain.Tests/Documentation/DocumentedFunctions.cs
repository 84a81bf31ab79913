using System.Text.Json;
using SalesBrain.LocalHost;
using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Documentation;

/// <summary>Generates pages, of the product or of some sample classes.</summary>
internal static class DocumentedFunctions
{
    internal static string Repository { get; } = RepositoryFolder.Find();

    internal static Task<IReadOnlyList<DocumentationPage>> PagesAsync(FunctionCatalog functions, string? repository = null) =>
        DocumentationPages.WriteAsync(functions, repository ?? Repository, TestContext.Current.CancellationToken);

    internal static async Task<string> PageAsync(string path, FunctionCatalog functions, string? repository = null) =>
        (await PagesAsync(functions, repository)).Single(page => page.Path == path).Text;

    internal static async Task<JsonElement> DescribeAsync(params Type[] types) =>
        JsonSerializer.Deserialize<JsonElement>(await PageAsync("docs/openapi.json", FunctionCatalog.Load(types)));

    /// <summary>The element at a path of member names separated by blanks, which may contain dots and slashes.</summary>
    internal static JsonElement At(this JsonElement element, string path) =>
        path.Split(' ').Aggregate(element, (at, name) => at.ValueKind == JsonValueKind.Array ? at[int.Parse(name)] : at.GetProperty(name));

    /// <summary>Asserts that the element is this JSON, whatever the order of members.</summary>
    internal static void Is(this JsonElement element, string expected) =>
        Assert.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(expected), element), $"Expected {expected}\nbut it is {element.GetRawText()}");
}
