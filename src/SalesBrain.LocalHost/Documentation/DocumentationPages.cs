using SalesBrain.Core.Access;
using SalesBrain.Data.Sessions;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Development;
using SalesBrain.LocalHost.Documentation.Lists;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>A generated file: where it belongs in the repository, and what it should say.</summary>
public sealed record DocumentationPage(string Path, string Text);

/// <summary>The documentation that is generated from the functions themselves.</summary>
public static class DocumentationPages
{
    /// <summary>What writes the pages.</summary>
    public const string Command = "dotnet run --project src/SalesBrain.LocalHost -- docs";

    internal const string GeneratedNote = $"Generated from the functions by `{Command}`; a test fails when it is out of date.";

    /// <summary>All pages of the product. Throws <see cref="StartupException"/> that names a function with incomplete attributes.</summary>
    public static Task<IReadOnlyList<DocumentationPage>> WriteAsync(CancellationToken cancellationToken) =>
        WriteAsync(FunctionCatalog.Load(), LocalDefaults.ReadSample(), cancellationToken);

    /// <summary>All pages of some functions; the settings hold the default schedules of timers.</summary>
    public static async Task<IReadOnlyList<DocumentationPage>> WriteAsync(
        FunctionCatalog functions, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var endpoints = functions.Http.Select(DocumentedEndpoint.Of).ToList();
        var comments = new XmlComments(typeof(RequestPipeline).Assembly, typeof(DatabaseSession).Assembly, typeof(Role).Assembly);
        return
        [
            new("docs/openapi.json", await OpenApiDescription.WriteAsync(endpoints, comments, cancellationToken)),
            new("docs/endpoints.md", EndpointsPage.Write(endpoints, functions.Timers, settings, comments)),
            new("docs/problems.md", ProblemsPage.Write(endpoints)),
            new("docs/lists.sql", ListsPage.Write(endpoints)),
        ];
    }
}
