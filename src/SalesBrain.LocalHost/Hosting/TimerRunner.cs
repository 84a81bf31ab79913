using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace SalesBrain.LocalHost.Hosting;

/// <summary>Runs timer functions, each in its own scope and never twice at once in this process.</summary>
public sealed class TimerRunner
{
    private readonly IServiceScopeFactory scopes;
    private readonly Dictionary<string, (InvokeTimer Invoke, SemaphoreSlim Turn)> timers;

    public TimerRunner(FunctionCatalog catalog, IServiceScopeFactory scopes)
    {
        this.scopes = scopes;
        timers = catalog.Timers.ToDictionary(
            timer => timer.Name,
            timer => (FunctionInvoker.For(timer), new SemaphoreSlim(1)),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Runs the timer once, outside its schedule; waits until a run that is under way has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no timer of that name.</exception>
    public Task RunAsync(string name, CancellationToken cancellationToken) => RunAsync(name, new TimerInfo(), cancellationToken);

    /// <inheritdoc cref="RunAsync(string, CancellationToken)"/>
    public async Task RunAsync(string name, TimerInfo info, CancellationToken cancellationToken)
    {
        var (invoke, turn) = timers[name];
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await invoke(scope.ServiceProvider, info, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
