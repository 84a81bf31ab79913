using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>A generated C# client with System.Text.Json works against the host.</summary>
public sealed class NSwagClientTests(TestApp app)
{
    /// <summary>What an application would write. It is compiled together with the client.</summary>
    private const string Application = """
        using System.Linq;
        using System.Net.Http;
        using System.Net.Http.Headers;
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Threading.Tasks;

        namespace Generated;

        public partial class SalesBrainClient
        {
            // What is not set is not sent: null would clear a field.
            static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        }

        public static class Application
        {
            public static async Task<string[]> RunAsync(HttpClient http, string email, string password)
            {
                var client = new SalesBrainClient(http);
                var session = await client.LoginAsync(new LoginRequest { Email = email, Password = password });
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Access_token);
                var me = (await client.GetMeAsync()).Data;
                var logs = (await client.ListWebhookLogsAsync(
                    limit: 1, status: [WebhookLogStatus.Processed, WebhookLogStatus.Dead], date_from: "2020-01-31")).Data;
                var clients = await client.ListClientsAsync(sort_by: ClientSort.Created_at, sort_order: SortOrder.Asc);
                var changed = (await client.UpdateClientAsync(clients.Data.Single().Id, new UpdateClientRequest { City = "Berlin" })).Data;
                using var json = await client.ExportWebhookLogsAsync(format: ExportFormat.Json);
                var rows = await JsonSerializer.DeserializeAsync<WebhookLogRow[]>(json.Stream);
                using var csv = await client.ExportWebhookLogsAsync();
                var line = await new System.IO.StreamReader(csv.Stream).ReadLineAsync();
                string code;
                try
                {
                    await client.GetClientAsync(System.Guid.NewGuid());
                    code = "found";
                }
                catch (ApiException<NotFoundProblem> problem)
                {
                    code = $"{problem.StatusCode} {problem.Result.Title}";
                }
                return [me.Email, me.Role.ToString(), $"{logs.Total}", $"{changed.Name}, {changed.City}", $"{rows!.Length} {rows[0].Status}", line!, code];
            }
        }
        """;

    [Fact]
    public async Task Client_signs_in_reads_itself_lists_changes_and_exports()
    {
        var owner = await app.CreateUserAsync("owner", password: AuthWorld.Password);
        var organization = owner.OrganizationId!.Value;
        await app.CreateClientAsync(organization, "Kept");
        await app.CreateWebhookLogAsync(organization, "processed", contactEmail: "a@prospect.example");
        await app.CreateWebhookLogAsync(organization, "dead");
        var run = Compile(await GenerateAsync(), Application).GetType("Generated.Application")!.GetMethod("RunAsync")!;
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };

        var results = await (Task<string[]>)run.Invoke(null, [http, owner.Email, AuthWorld.Password])!;

        Assert.Equal(
            [owner.Email, "Owner", "2", "Kept, Berlin", "2 Dead", "id,event_type,event_source,campaign_name,contact_email,status,error_message,created_at", "404 Not found"],
            results);
    }

    private static async Task<string> GenerateAsync()
    {
        var description = await OpenApiDocument.FromFileAsync(NodeFolder.OpenApi);
        return new CSharpClientGenerator(description, new CSharpClientGeneratorSettings
        {
            ClassName = "SalesBrainClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings =
            {
                Namespace = "Generated",
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                // From 9 on it writes the values of enumerations as they are described.
                JsonLibraryVersion = 9,
                GenerateNullableReferenceTypes = true,
                GenerateOptionalPropertiesAsNullable = true,
            },
        }).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(file) == "netstandard.dll")
            .Select(file => MetadataReference.CreateFromFile(file));
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None);
        var compilation = CSharpCompilation.Create(
            "SalesBrain.Generated", sources.Select(source => CSharpSyntaxTree.ParseText(source, options)), framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(
            result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(20)));
        assembly.Position = 0;
        return new AssemblyLoadContext("generated", isCollectible: true).LoadFromStream(assembly);
    }
}
