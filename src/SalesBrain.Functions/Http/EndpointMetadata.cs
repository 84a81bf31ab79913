using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Http;

/// <summary>What an endpoint class declares by attributes, read once per class.</summary>
public sealed record EndpointMetadata(string Name, EndpointAttribute? Endpoint, CallerAttribute? Caller)
{
    /// <summary>Reads the method of <paramref name="endpoint"/> that carries <c>[Function]</c>.</summary>
    public static EndpointMetadata Read(Type endpoint)
    {
        var method = endpoint.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Single(method => method.GetCustomAttribute<FunctionAttribute>() is not null);
        return new EndpointMetadata(
            method.GetCustomAttribute<FunctionAttribute>()!.Name,
            method.GetCustomAttribute<EndpointAttribute>(),
            method.GetCustomAttribute<CallerAttribute>());
    }

    /// <summary>The cached metadata of one endpoint class.</summary>
    internal static class Of<TEndpoint>
    {
        internal static readonly EndpointMetadata Value = Read(typeof(TEndpoint));
    }
}
