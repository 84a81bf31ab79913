using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using SalesBrain.Functions.Http;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>
/// Finds the call of the request pipeline in a function's compiled code. The call determines the input type; an attribute that repeats it
/// could be wrong.
/// </summary>
internal static class PipelineCalls
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The type arguments of each call: the endpoint's class, and the input's type where there is input.</summary>
    internal static IReadOnlyList<Type[]> In(MethodInfo method)
    {
        // An async method's code is in its state machine.
        var body = method.GetCustomAttribute<AsyncStateMachineAttribute>() is { } asynchronous
            ? asynchronous.StateMachineType.GetMethod("MoveNext", BindingFlags.NonPublic | BindingFlags.Instance)!
            : method;
        return CallsOf(body)
            .Where(called => called.DeclaringType == typeof(RequestPipeline) && called.Name == nameof(RequestPipeline.RunAsync))
            .Select(called => called.GetGenericArguments())
            .ToList();
    }

    private static IEnumerable<MethodBase> CallsOf(MethodInfo method)
    {
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at < code.Length;)
        {
            var instruction = OpCodesByValue[code[at] == 0xFE ? (short)((code[at] << 8) | code[at + 1]) : code[at]];
            at += instruction.Size;
            if (instruction.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, at))!;
            }
            at += OperandSize(instruction, code, at);
        }
    }

    /// <summary>Bytes after the instruction (ECMA-335, partition III, section 1.9).</summary>
    private static int OperandSize(OpCode instruction, byte[] code, int at) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
