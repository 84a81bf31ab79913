using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.Tests.App;
using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>
/// Runs the published app behind a small Functions host, which treats settings, routes and invocations as the real one does.
/// </summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    private readonly WorkerChannel _channel;
    private readonly WebApplication _service;
    private readonly WorkerProcess _process;
    private HttpFront? _front;

    private WorkerHost(WorkerChannel channel, WebApplication service, WorkerProcess process, HostSettings settings)
    {
        (_channel, _service, _process) = (channel, service, process);
        Invocations = new Invocations(channel);
        Timers = new HostTimers(settings, Invocations);
    }

    /// <summary>All functions in name order.</summary>
    internal IReadOnlyList<HostFunction> Functions { get; private set; } = [];

    internal Invocations Invocations { get; }

    internal HostTimers Timers { get; }

    /// <summary>Where the host takes HTTP requests.</summary>
    internal Uri Address => _front!.Address;

    /// <summary>Starts host and worker, and returns when every function is loaded.</summary>
    internal static async Task<WorkerHost> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var channel = new WorkerChannel();
        var service = await ServeAsync(channel);
        var id = Guid.NewGuid().ToString();
        var host = new WorkerHost(
            channel, service, WorkerProcess.Start(new Uri(service.Urls.Single()), id, settings), new HostSettings(settings));
        try
        {
            await host.ConnectAsync(id);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null)
        {
            await _front.DisposeAsync();
        }
        _channel.Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
        await _process.DisposeAsync();
        await _service.DisposeAsync();
    }

    /// <summary>The gRPC service on a free port.</summary>
    private static async Task<WebApplication> ServeAsync(WorkerChannel channel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(channel);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        var app = builder.Build();
        app.MapGrpcService<WorkerChannel>();
        await app.StartAsync();
        return app;
    }

    private async Task ConnectAsync(string id)
    {
        Assert.Equal(id, await UnlessItEndsAsync(_channel.Started));

        var initialized = await AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = "4.1037.0.0",
                WorkerDirectory = PublishedApp.Folder,
                FunctionAppDirectory = PublishedApp.Folder,
            },
        });
        Check(initialized.WorkerInitResponse.Result, "The worker did not start");

        var described = await AskAsync(new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = PublishedApp.Folder },
        });
        Check(described.FunctionMetadataResponse.Result, "The worker did not describe its functions");
        Functions = [.. described.FunctionMetadataResponse.FunctionMetadataResults
            .Select(metadata => new HostFunction(metadata)).OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

        await LoadAsync();
        _front = await HttpFront.StartAsync(
            [.. Functions.Where(function => function.IsHttp)], Invocations,
            new Uri(initialized.WorkerInitResponse.Capabilities["HttpUri"]));
    }

    private async Task LoadAsync()
    {
        var loads = await Task.WhenAll(Functions.Select(function => AskAsync(new StreamingMessage
        {
            FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Id, Metadata = function.Metadata },
        })));
        foreach (var (function, load) in Functions.Zip(loads))
        {
            Check(load.FunctionLoadResponse.Result, $"The worker did not load {function.Name}");
        }
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage request) =>
        UnlessItEndsAsync(_channel.AskAsync(request, CancellationToken.None));

    private async Task<T> UnlessItEndsAsync<T>(Task<T> task)
    {
        await Task.WhenAny(task, _process.Ended, Task.Delay(Eventually.Limit));
        Assert.True(task.IsCompleted, $"The worker did not respond:\n{_process.Output}\n{string.Join('\n', _channel.Errors)}");
        return await task;
    }

    private void Check(StatusResult result, string failure) =>
        Assert.True(
            result.Status == StatusResult.Types.Status.Success,
            $"{failure}: {result.Exception?.Message ?? result.Result}\n{_process.Output}");
}
