using Mono.Cecil;
using Mono.Cecil.Cil;

namespace SalesBrain.Tests.Architecture;

/// <summary>
/// Which folder of a project uses types of which other folder, read from the compiled code. A folder is an area, named with its project,
/// such as <c>Data.Sessions</c>; below <c>Webhooks</c> each stage is one, such as <c>Functions.Webhooks.Log</c>. Types at the root of a
/// project belong to an area named like the project. <c>Uses</c> has types of other packages too, under their namespace.
/// </summary>
internal sealed class AreaGraph
{
    private const string Product = "SalesBrain.";

    private readonly Dictionary<string, Dictionary<string, string>> _uses = new(StringComparer.Ordinal);

    internal AreaGraph(params IEnumerable<string> assemblyPaths)
    {
        foreach (var path in assemblyPaths)
        {
            using var assembly = AssemblyDefinition.ReadAssembly(path);
            foreach (var type in assembly.MainModule.GetTypes().Where(type => NamespaceOf(type).StartsWith(Product, StringComparison.Ordinal)))
            {
                foreach (var used in TypesUsedBy(type))
                {
                    Add(AreaOf(type), AreaOf(used), $"{type.FullName} uses {used.FullName}");
                }
            }
        }
    }

    internal IReadOnlyCollection<string> Areas => _uses.Keys;

    /// <summary>The areas an area uses, each with one example.</summary>
    internal IReadOnlyDictionary<string, string> UsedBy(string area) => _uses.GetValueOrDefault(area) ?? [];

    /// <summary>Every use that is part of a circle of areas, with an example.</summary>
    internal IEnumerable<string> Cycles() =>
        from area in Areas.Order(StringComparer.Ordinal)
        from used in UsedBy(area)
        where Reaches(used.Key, area, [])
        select $"{area} → {used.Key} ({used.Value})";

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && UsedBy(from).Keys.Any(next => Reaches(next, to, seen)));

    private void Add(string from, string to, string example)
    {
        var targets = _uses.TryGetValue(from, out var known) ? known : _uses[from] = new(StringComparer.Ordinal);
        if (to != from)
        {
            targets.TryAdd(to, example);
        }
    }

    private static string AreaOf(TypeReference type)
    {
        var name = NamespaceOf(type);
        if (!name.StartsWith(Product, StringComparison.Ordinal))
        {
            return name;
        }
        var folders = name[Product.Length..].Split('.');
        return string.Join('.', folders.Take(folders is [_, "Webhooks", ..] ? 3 : 2));
    }

    /// <summary>The namespace of the type, or of the type it is nested in.</summary>
    private static string NamespaceOf(TypeReference type)
    {
        var element = type.GetElementType();
        while (element.DeclaringType is { } outer)
        {
            element = outer;
        }
        return element.Namespace;
    }

    private static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type)
    {
        IEnumerable<TypeReference?> used =
        [
            type.BaseType,
            .. type.Interfaces.Select(implemented => implemented.InterfaceType),
            .. AttributesOf(type),
            .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Fields.SelectMany(AttributesOf),
            .. type.Properties.Select(property => property.PropertyType),
            .. type.Properties.SelectMany(AttributesOf),
            .. type.Methods.SelectMany(TypesUsedBy),
        ];
        return used.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference?> TypesUsedBy(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. AttributesOf(method),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(TypesUsedBy) : [],
    ];

    private static IEnumerable<TypeReference?> TypesUsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        _ => [],
    };

    private static IEnumerable<TypeReference> AttributesOf(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.Select(attribute => attribute.AttributeType);

    /// <summary>The type itself, what it is an array of, and its type arguments.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
