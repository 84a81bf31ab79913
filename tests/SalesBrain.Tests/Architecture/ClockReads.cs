using Mono.Cecil;

namespace SalesBrain.Tests.Architecture;

/// <summary>Finds code that asks the system for the time instead of being given it.</summary>
internal static class ClockReads
{
    private static readonly string[] Clocks =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.TimeProvider::get_System", "System.Diagnostics.Stopwatch::GetTimestamp",
    ];

    /// <summary>The methods of an assembly that read a clock, each with the clock.</summary>
    internal static List<string> In(string assemblyPath)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyPath);
        return
        [
            .. from type in assembly.MainModule.GetTypes()
               from method in type.Methods
               where method.HasBody
               from instruction in method.Body.Instructions
               let called = instruction.Operand as MethodReference
               where called is not null && Clocks.Contains($"{called.DeclaringType.FullName}::{called.Name}")
               select $"{method.FullName} reads {called.DeclaringType.Name}.{called.Name}",
        ];
    }
}
