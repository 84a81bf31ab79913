using System.Text.Json;
using SalesBrain.Tests.Conformance.Protocol;

namespace SalesBrain.Tests.Conformance.Worker;

/// <summary>A function as the worker describes it to the host.</summary>
internal sealed class HostFunction(RpcFunctionMetadata metadata)
{
    private readonly JsonElement _trigger = metadata.RawBindings.Select(binding => JsonElement.Parse(binding))
        .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    internal RpcFunctionMetadata Metadata => metadata;

    internal string Name => metadata.Name;

    internal string Id => metadata.FunctionId;

    internal bool IsHttp => Is("httpTrigger");

    internal bool IsTimer => Is("timerTrigger");

    /// <summary>The name of the parameter that carries the trigger.</summary>
    internal string Parameter => _trigger.GetProperty("name").GetString()!;

    internal string Route => _trigger.GetProperty("route").GetString()!;

    internal string[] Methods =>
        [.. _trigger.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant())];

    internal string Schedule => _trigger.GetProperty("schedule").GetString()!;

    private bool Is(string type) => type.Equals(_trigger.GetProperty("type").GetString(), StringComparison.OrdinalIgnoreCase);
}
