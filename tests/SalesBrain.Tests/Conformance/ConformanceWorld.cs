using System.Text;
using SalesBrain.LocalHost.Development;
using SalesBrain.Tests.Access;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Requests;
using SalesBrain.Tests.Conformance.Worker;

namespace SalesBrain.Tests.Conformance;

/// <summary>The local host and the published worker on one database, with the same settings and keys.</summary>
public sealed class ConformanceWorld : IAsyncLifetime
{
    /// <summary>The collection of the tests that share it.</summary>
    internal const string Shared = "conformance";

    private readonly AccessWorld _access = new();
    private readonly string _mails = Path.Combine(Path.GetTempPath(), $"salesbrain-mails-{Guid.NewGuid():N}");
    private HttpClient? _local;
    private HttpClient? _worker;
    private Comparison? _comparison;

    internal TestApp App => _access.App;

    internal WorkerHost Worker { get; private set; } = null!;

    /// <summary>For every HTTP function a request that succeeds.</summary>
    internal IReadOnlyList<Example> Examples { get; private set; } = [];

    /// <summary>An access token of each role.</summary>
    internal IReadOnlyDictionary<string, string> Tokens { get; private set; } = new Dictionary<string, string>();

    internal IEnumerable<HostFunction> HttpFunctions => Worker.Functions.Where(function => function.IsHttp);

    private TestUser Administrator => _access.Users.Single(user => user.Role == "sb_admin");

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(PublishedApp.PublishAsync(TestContext.Current.CancellationToken), _access.InitializeAsync().AsTask());
        var began = TimeProvider.System.GetTimestamp();
        Worker = await WorkerHost.StartAsync(Settings());
        TestContext.Current.SendDiagnosticMessage(
            $"The worker was ready after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s.");
        _local = Client(App.Http.BaseAddress!);
        _worker = Client(Worker.Address);
        _comparison = new Comparison(_local, _worker);
        Tokens = _access.Users.ToDictionary(user => user.Role, App.TokenOf);
        Examples = await ExamplesAsync(HttpFunctions.Select(function => function.Name));
    }

    public async ValueTask DisposeAsync()
    {
        _local?.Dispose();
        _worker?.Dispose();
        if (Worker is not null)
        {
            await Worker.DisposeAsync();
        }
        await _access.DisposeAsync();
        if (Directory.Exists(_mails))
        {
            Directory.Delete(_mails, recursive: true);
        }
    }

    /// <summary>New examples of the functions, each about things of its own.</summary>
    internal async Task<IReadOnlyList<Example>> ExamplesAsync(IEnumerable<string> functions)
    {
        var names = functions.ToList();
        var examples = new Example[names.Count];
        await Parallel.ForAsync(0, names.Count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
            examples[i] = await Requests.Examples.CreateAsync(App, names[i], Administrator));
        return examples;
    }

    /// <summary>For each of the functions two new examples, about equal things.</summary>
    internal async Task<IEnumerable<(Example Local, Example Worker)>> EqualExamplesAsync(IReadOnlyCollection<string> functions) =>
        (await ExamplesAsync(functions)).Zip(await ExamplesAsync(functions));

    /// <summary>The entity tags that both hosts have for what the request reads.</summary>
    internal Task<(string Local, string Worker)> TagsAsync(ConformanceRequest read) => _comparison!.TagsAsync(read);

    internal Task<ComparisonReport> CompareAsync(IEnumerable<ConformanceRequest> requests) =>
        CompareAsync(requests.Select(RequestPair.Same));

    /// <summary>Waits until received events are processed, because reads count them; then compares.</summary>
    internal async Task<ComparisonReport> CompareAsync(IEnumerable<RequestPair> pairs)
    {
        for (var attempt = 0; await App.QuerySingleAsync<bool>("select exists (select from app.webhook_log where status = 'pending')"); attempt++)
        {
            Assert.True(attempt < 600, "Webhooks are still pending after 30 seconds.");
            await Task.Delay(50);
        }
        return await _comparison!.RunAsync(pairs);
    }

    /// <summary>The local host's settings as environment variables, and the schedules that a deployment has.</summary>
    internal Dictionary<string, string> Settings()
    {
        var settings = LocalDefaults.ReadSample()
            .Where(setting => setting.Key.Contains("Schedule", StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, value) in App.AllSettings)
        {
            settings[name.Replace(":", "__", StringComparison.Ordinal)] = value!;
        }
        settings["Mail__Folder"] = _mails;
        return settings;
    }

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 })
        {
            BaseAddress = address,
        };
}

/// <summary>One published worker for all tests of the run, one after the other.</summary>
[CollectionDefinition(ConformanceWorld.Shared)]
public sealed class ConformanceCollection : ICollectionFixture<ConformanceWorld>;
