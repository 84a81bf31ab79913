using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SalesBrain.LocalHost.Hosting;

namespace SalesBrain.Tests.Hosting;

/// <summary>Functions of some classes, served by Kestrel on a free port, with everything that was logged as an error.</summary>
public sealed class FunctionServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private FunctionServer(WebApplication app, ErrorLog errors)
    {
        this.app = app;
        Errors = errors;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    /// <summary>The settings that the app needs, with a database that is not there.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> SettingsWithoutDatabase =>
    [
        new("ConnectionStrings:SalesBrainTenant", "Host=127.0.0.1;Port=1"),
        new("ConnectionStrings:SalesBrainPlatform", "Host=127.0.0.1;Port=1"),
        new("Jwt:Keys:0:Id", "test"),
        new("Jwt:Keys:0:Secret", Convert.ToBase64String(new byte[32])),
        new("DataKeys:Keys:0:Id", "test"),
        new("DataKeys:Keys:0:Secret", Convert.ToBase64String(new byte[32])),
        new("Portal:BaseUrl", "https://portal.example"),
        new("Mail:Transport", "folder"),
        new("Files:Storage", "folder"),
    ];

    public HttpClient Client { get; }

    public ErrorLog Errors { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<FunctionServer> StartAsync(
        Type[] types, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var catalog = FunctionCatalog.Load(types);
        var errors = new ErrorLog();
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Services.AddSingleton(catalog);
        configure?.Invoke(builder);
        var built = builder.Build();
        built.MapFunctions(catalog);
        map?.Invoke(built);
        await built.StartAsync();
        return new FunctionServer(built, errors);
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}

/// <summary>Keeps what was logged as an error, with its category.</summary>
public sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, string Message, Exception? Exception)> entries = new();

    public IReadOnlyCollection<(string Category, string Message, Exception? Exception)> Entries => entries;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void Dispose() => GC.SuppressFinalize(this);

    private sealed class Logger(string category, ErrorLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.entries.Enqueue((category, formatter(state, exception), exception));
            }
        }
    }
}
