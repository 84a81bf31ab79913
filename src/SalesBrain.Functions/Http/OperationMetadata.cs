using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace SalesBrain.Functions.Http;

/// <summary>What an endpoint class declares by attributes, read once per class.</summary>
public sealed record OperationMetadata(string Name, OperationAttribute? Operation, CallerAttribute? Caller)
{
    /// <summary>Reads the method of <paramref name="endpoint"/> that carries <c>[Function]</c>.</summary>
    public static OperationMetadata Read(Type endpoint)
    {
        var method = endpoint.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Single(method => method.GetCustomAttribute<FunctionAttribute>() is not null);
        return new OperationMetadata(
            method.GetCustomAttribute<FunctionAttribute>()!.Name,
            method.GetCustomAttribute<OperationAttribute>(),
            method.GetCustomAttribute<CallerAttribute>());
    }

    /// <summary>The cached metadata of one endpoint class.</summary>
    internal static class Of<TEndpoint>
    {
        internal static readonly OperationMetadata Value = Read(typeof(TEndpoint));
    }
}
