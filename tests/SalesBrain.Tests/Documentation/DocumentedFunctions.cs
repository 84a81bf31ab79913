using System.Text.Json;
using SalesBrain.LocalHost.Documentation;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Documentation;

/// <summary>Generates pages, of the product or of some sample classes.</summary>
internal static class DocumentedFunctions
{
    internal static string Repository { get; } = RepositoryFolder.Find();

    /// <summary>The product's own page as it would be written now.</summary>
    internal static async Task<string> PageAsync(string path) =>
        (await DocumentationPages.WriteAsync(TestContext.Current.CancellationToken)).Single(page => page.Path == path).Text;

    /// <summary>The page of some sample classes.</summary>
    internal static async Task<string> PageAsync(string path, Type[] types, IReadOnlyDictionary<string, string>? settings = null)
    {
        var pages = await DocumentationPages.WriteAsync(
            FunctionCatalog.Load(types), settings ?? new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        return pages.Single(page => page.Path == path).Text;
    }

    internal static async Task<JsonElement> DescribeAsync(params Type[] types) =>
        JsonSerializer.Deserialize<JsonElement>(await PageAsync("docs/openapi.json", types));

    /// <summary>The element at a path of member names separated by blanks, which may contain dots and slashes.</summary>
    internal static JsonElement At(this JsonElement element, string path) =>
        path.Split(' ').Aggregate(element, (at, name) => at.ValueKind == JsonValueKind.Array ? at[int.Parse(name)] : at.GetProperty(name));

    /// <summary>Asserts that the element is this JSON, whatever the order of members.</summary>
    internal static void Is(this JsonElement element, string expected) =>
        Assert.True(
            JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(expected), element),
            $"Expected {expected}\nbut it is {element.GetRawText()}");
}
