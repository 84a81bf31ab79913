using System.Collections.Concurrent;
using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>Has the worker run functions, and counts how often each was run.</summary>
internal sealed class Invocations(WorkerChannel channel)
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>By function name, how many invocations there were.</summary>
    internal IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Runs the function once; null if it succeeded, else the reason.</summary>
    internal async Task<string?> RunAsync(
        HostFunction function, string invocationId, TypedData input, IReadOnlyDictionary<string, TypedData> triggerMetadata,
        CancellationToken cancellationToken, string traceParent = "")
    {
        _counts.AddOrUpdate(function.Name, 1, (_, count) => count + 1);
        var request = new InvocationRequest
        {
            InvocationId = invocationId,
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext { TraceParent = traceParent },
            InputData = { new ParameterBinding { Name = function.Parameter, Data = input } },
        };
        foreach (var (name, value) in triggerMetadata)
        {
            request.TriggerMetadata[name] = value;
        }
        var message = await channel.AskAsync(
            new StreamingMessage { RequestId = invocationId, InvocationRequest = request }, cancellationToken);
        var result = message.InvocationResponse.Result;
        return result.Status == StatusResult.Types.Status.Success ? null : result.Exception?.Message ?? result.Result;
    }
}
