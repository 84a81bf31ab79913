using SalesBrain.LocalHost;
using SalesBrain.Tests.Access;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Requests;
using SalesBrain.Tests.Conformance.Worker;

namespace SalesBrain.Tests.Conformance;

/// <summary>The local host and the published worker on one database, with the same settings and keys.</summary>
public sealed class ConformanceWorld : IAsyncLifetime
{
    private readonly AccessWorld _access = new();
    private readonly string _mails = Path.Combine(Path.GetTempPath(), $"salesbrain-mails-{Guid.NewGuid():N}");
    private HttpClient? _local;
    private HttpClient? _worker;

    internal TestApp App => _access.App;

    internal WorkerHost Worker { get; private set; } = null!;

    internal Comparison Comparison { get; private set; } = null!;

    /// <summary>For every HTTP function a request that succeeds.</summary>
    internal IReadOnlyList<Example> Examples { get; private set; } = [];

    /// <summary>An access token of each role.</summary>
    internal IReadOnlyDictionary<string, string> Tokens { get; private set; } = new Dictionary<string, string>();

    internal IEnumerable<HostFunction> HttpFunctions => Worker.Functions.Where(function => function.IsHttp);

    private TestUser Administrator => _access.Users.Single(user => user.Role == "sb_admin");

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(PublishedApp.PublishAsync(TestContext.Current.CancellationToken), _access.InitializeAsync().AsTask());
        Worker = await WorkerHost.StartAsync(Settings());
        _local = Client(App.Http.BaseAddress!);
        _worker = Client(Worker.Address);
        Comparison = new Comparison(_local, _worker);
        Tokens = _access.Users.ToDictionary(user => user.Role, App.TokenOf);
        var examples = new List<Example>();
        foreach (var function in HttpFunctions)
        {
            examples.Add(await ExampleAsync(function.Name));
        }
        Examples = examples;
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

    /// <summary>A new example of the function, about things of its own.</summary>
    internal Task<Example> ExampleAsync(string function) => Requests.Examples.CreateAsync(App, function, Administrator);

    /// <summary>Two examples of the function about equal things.</summary>
    internal async Task<(Example Local, Example Worker)> TwoExamplesAsync(string function) => (await ExampleAsync(function), await ExampleAsync(function));

    /// <summary>What the local host returns to a request.</summary>
    internal async Task<HostResponse> AskLocalHostAsync(ConformanceRequest request)
    {
        using var message = request.ToMessage();
        return await HostResponse.OfAsync(_local!, message);
    }

    /// <summary>The local host's settings as environment variables, and the schedules that a deployment has.</summary>
    private Dictionary<string, string> Settings()
    {
        var settings = LocalDefaults.ReadSample().Where(setting => setting.Key.Contains("Schedule", StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, value) in App.AllSettings)
        {
            settings[name.Replace(":", "__", StringComparison.Ordinal)] = value!;
        }
        settings["Mail__Folder"] = _mails;
        return settings;
    }

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
}
