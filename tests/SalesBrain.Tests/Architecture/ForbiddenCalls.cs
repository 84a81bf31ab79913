using Mono.Cecil;

namespace SalesBrain.Tests.Architecture;

/// <summary>Finds calls of methods of the framework that the product must not use.</summary>
internal static class ForbiddenCalls
{
    /// <summary>Asks the system for the time instead of being given it.</summary>
    internal static readonly string[] Clocks =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.TimeProvider::get_System", "System.Diagnostics.Stopwatch::GetTimestamp",
    ];

    /// <summary>Has no effect: the process runs without ICU (docs/decisions/0005).</summary>
    internal static readonly string[] NormalForms =
    [
        "System.String::Normalize", "System.String::IsNormalized", "System.StringNormalizationExtensions::Normalize",
        "System.StringNormalizationExtensions::IsNormalized",
    ];

    /// <summary>The methods of an assembly that call one of the forbidden ones, each with what it calls.</summary>
    internal static List<string> In(string assemblyPath, string[] forbidden)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return
        [
            .. from type in assembly.MainModule.GetTypes()
               from method in type.Methods
               where method.HasBody
               from instruction in method.Body.Instructions
               let called = instruction.Operand as MethodReference
               where called is not null && forbidden.Contains($"{called.DeclaringType.FullName}::{called.Name}")
               select $"{method.FullName} calls {called.DeclaringType.Name}.{called.Name}",
        ];
    }
}
