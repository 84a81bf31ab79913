using System.Text.Json;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>The templates of <c>infra/</c> as the compiler understands them, once for all tests.</summary>
internal sealed class DeployedTemplates
{
    private static readonly Lazy<Task<DeployedTemplates>> Loaded = new(LoadAsync);

    private DeployedTemplates(BicepRun development, BicepRun production, JsonElement template, IReadOnlyList<JsonElement> resources)
    {
        Development = development;
        Production = production;
        Template = template;
        Resources = resources;
    }

    /// <summary>The run that compiled the templates with <c>main.bicepparam</c>.</summary>
    internal BicepRun Development { get; }

    /// <summary>The run that compiled and evaluated the templates with <c>production.bicepparam</c>.</summary>
    internal BicepRun Production { get; }

    /// <summary>The compiled template: JSON of Azure Resource Manager.</summary>
    internal JsonElement Template { get; }

    /// <summary>The resources of production with the values of their properties.</summary>
    internal IReadOnlyList<JsonElement> Resources { get; }

    internal static Task<DeployedTemplates> LoadOnceAsync() => Loaded.Value;

    internal IReadOnlyList<JsonElement> OfType(string type) =>
        [.. Resources.Where(resource => resource.GetProperty("type").GetString() == type)];

    /// <summary>The properties of the only resource of a type.</summary>
    internal JsonElement PropertiesOf(string type) => Assert.Single(OfType(type)).GetProperty("properties");

    /// <summary>The app settings. A value that only Azure knows is an expression in brackets.</summary>
    internal Dictionary<string, string> AppSettings() =>
        PropertiesOf("Microsoft.Web/sites/config").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);

    /// <summary>The template and those of its modules, with their names.</summary>
    internal IEnumerable<(string Name, JsonElement Template)> All() => Modules("main", Template);

    private static IEnumerable<(string Name, JsonElement Template)> Modules(string name, JsonElement template)
    {
        yield return (name, template);
        var resources = template.GetProperty("resources");
        var members = resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray().Select((resource, i) => ($"{i}", resource))
            : resources.EnumerateObject().Select(resource => (resource.Name, resource.Value));
        foreach (var (member, resource) in members)
        {
            if (resource.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            {
                foreach (var module in Modules(member, resource.GetProperty("properties").GetProperty("template")))
                {
                    yield return module;
                }
            }
        }
    }

    private static async Task<DeployedTemplates> LoadAsync()
    {
        using var compiler = new BicepCompiler();
        var building = compiler.BuildParametersAsync("main.bicepparam");
        var (production, snapshot) = await compiler.EvaluateAsync("production.bicepparam");
        var development = await building;
        Assert.True(development.ExitCode == 0, development.Errors);
        Assert.True(production.ExitCode == 0 && snapshot is not null, production.Errors);
        var built = JsonDocument.Parse(development.Output).RootElement;
        return new DeployedTemplates(
            development, production,
            JsonDocument.Parse(built.GetProperty("templateJson").GetString()!).RootElement,
            [.. JsonDocument.Parse(snapshot!).RootElement.GetProperty("predictedResources").EnumerateArray()]);
    }
}
