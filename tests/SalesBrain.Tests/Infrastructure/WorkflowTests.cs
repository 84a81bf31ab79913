using System.Text.RegularExpressions;
using SalesBrain.LocalHost.Startup;
using YamlDotNet.RepresentationModel;

namespace SalesBrain.Tests.Infrastructure;

/// <summary><c>.github/workflows/deploy.yml</c> and <c>azure.yaml</c>: what can be checked without running them.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Repository = RepositoryFolder.Find();
    private static readonly YamlMappingNode Workflow = Load(".github/workflows/deploy.yml");
    private static readonly YamlMappingNode Jobs = Map(Workflow["jobs"]);

    [Fact]
    public void Jobs_run_in_order_and_only_after_the_tests()
    {
        Assert.Equal(["build", "migrate", "deploy"], Jobs.Children.Keys.Select(Text));
        Assert.Contains(Steps("build"), step => Has(step, "run") && Text(step["run"]) == ".ci/run");
        Assert.Equal("build", Text(Map(Jobs["migrate"])["needs"]));
        Assert.Equal("migrate", Text(Map(Jobs["deploy"])["needs"]));
    }

    /// <summary>Nothing at the top, so that a job without permissions of its own has none.</summary>
    [Fact]
    public void Jobs_have_the_permissions_they_need_and_no_others()
    {
        Assert.Empty(Map(Workflow["permissions"]).Children);
        Assert.Equal("contents: read", Permissions("build"));
        Assert.Equal("contents: read, id-token: write", Permissions("migrate"));
        Assert.Equal("id-token: write", Permissions("deploy"));
    }

    [Fact]
    public void Actions_are_pinned_by_version()
    {
        var actions = AllSteps().Where(step => Has(step, "uses")).Select(step => Text(step["uses"])).ToList();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches(@"^[\w-]+/[\w-]+@v\d+\.\d+\.\d+$", action));
    }

    [Fact]
    public void Azure_is_reached_without_a_stored_secret()
    {
        Assert.DoesNotContain(
            "secrets.", File.ReadAllText(Path.Combine(Repository, ".github/workflows/deploy.yml")), StringComparison.Ordinal);
        var signIns = AllSteps().Where(
            step => Has(step, "uses") && Text(step["uses"]).StartsWith("azure/login@", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["${{ vars.MIGRATION_CLIENT_ID }}", "${{ vars.DEPLOYMENT_CLIENT_ID }}"],
            signIns.Select(step => Text(Map(step["with"])["client-id"])));
    }

    [Fact]
    public void Scripts_exist_and_can_be_run()
    {
        var hooks = Map(Load("azure.yaml")["hooks"]).Children.Values.Select(hook => Text(Map(hook)["run"]));
        var scripts = AllSteps().Where(step => Has(step, "run")).SelectMany(step => Script().Matches(Text(step["run"])))
            .Select(match => match.Value).Concat(hooks).Distinct().ToList();

        Assert.Equal([".ci/run", "infra/build.sh", "infra/migrate.sh", "infra/secrets.sh"], scripts.Order(StringComparer.Ordinal));
        Assert.All(scripts, script =>
        {
            var path = Path.Combine(Repository, script);
            Assert.True(File.Exists(path), script);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), script);
        });
        var projects = AllSteps().Where(step => Has(step, "run")).SelectMany(step => Project().Matches(Text(step["run"])))
            .Select(match => match.Value).ToList();
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(Directory.Exists(Path.Combine(Repository, project)), project));
    }

    [Fact]
    public void Readme_lists_every_variable_of_the_workflow_and_of_the_parameters_files()
    {
        var readme = File.ReadAllText(Path.Combine(Repository, "infra", "README.md"));
        var ofWorkflow = Variable().Matches(File.ReadAllText(Path.Combine(Repository, ".github/workflows/deploy.yml")))
            .Select(match => match.Groups["name"].Value);
        var ofParameters = Directory.EnumerateFiles(Path.Combine(Repository, "infra"), "*.bicepparam")
            .SelectMany(file => EnvironmentVariable().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value);

        Assert.All(
            ofWorkflow.Concat(ofParameters).Distinct(), variable => Assert.Contains($"| `{variable}` |", readme, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_developer_cli_finds_the_app_it_deploys_to()
    {
        var azure = Load("azure.yaml");
        var (name, service) = Assert.Single(Map(azure["services"]).Children);
        var app = Assert.Single((await DeployedTemplates.LoadOnceAsync()).OfType("Microsoft.Web/sites"));

        Assert.Equal(Text(name), app.GetProperty("tags").GetProperty("azd-service-name").GetString());
        Assert.True(Directory.Exists(Path.Combine(Repository, Text(Map(service)["project"]))));
        Assert.True(
            File.Exists(Path.Combine(Repository, Text(Map(azure["infra"])["path"]), $"{Text(Map(azure["infra"])["module"])}.bicep")));
    }

    private static IEnumerable<YamlMappingNode> AllSteps() => Jobs.Children.Keys.SelectMany(job => Steps(Text(job)));

    private static IEnumerable<YamlMappingNode> Steps(string job) => ((YamlSequenceNode)Map(Jobs[job])["steps"]).Select(Map);

    private static string Permissions(string job) =>
        string.Join(
            ", ", Map(Map(Jobs[job])["permissions"]).Children.Select(permission => $"{Text(permission.Key)}: {Text(permission.Value)}"));

    private static YamlMappingNode Load(string file)
    {
        using var reader = File.OpenText(Path.Combine(Repository, file));
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static bool Has(YamlMappingNode map, string key) => map.Children.ContainsKey(new YamlScalarNode(key));

    private static YamlMappingNode Map(YamlNode node) => (YamlMappingNode)node;

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    [GeneratedRegex(
        @"(?<=^|\s)(infra/[\w./-]+|\.ci/[\w./-]+|\./[\w./-]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"src/[\w.]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Project();

    [GeneratedRegex(@"\bvars\.(?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnvironmentVariable();
}
