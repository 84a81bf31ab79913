using SalesBrain.Bench.Load;

namespace SalesBrain.Bench.Servers;

/// <summary>The plain Node.js service of <c>bench/node</c>, in production mode, as login <c>salesbrain_platform</c>.</summary>
internal sealed class NodeService : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private NodeService(ChildProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public static async Task<NodeService> StartAsync(
        string repository, string workFolder, BenchDatabase database, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(repository, "bench", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "fastify")))
        {
            Console.WriteLine("Restoring the packages of bench/node ...");
            await Tool.Find("npm", "Node.js 20 or later").RunAsync(["ci", "--prefix", folder], null, cancellationToken);
        }
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var environment = LibPq.Environment(database.Connections.Platform);
        environment["NODE_ENV"] = "production";
        environment["PORT"] = $"{address.Port}";
        environment["SECRET"] = EventLoad.Secret;
        var process = ChildProcess.Start("node", ["server.js"], environment, Path.Combine(workFolder, "node.log"), folder);
        using var http = new HttpClient();
        try
        {
            await process.WaitUntilAsync(async () =>
            {
                try
                {
                    return (await http.GetAsync(new Uri(address, "/health"), cancellationToken)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            }, TimeSpan.FromSeconds(30), cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
        return new NodeService(process, address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
