using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>The members of one input record, as the binder and the API documentation see them; read once per type.</summary>
public sealed class InputShape
{
    private static readonly ConcurrentDictionary<Type, InputShape> Shapes = new();
    private readonly Dictionary<string, InputMember> _byName = new(StringComparer.Ordinal);

    private InputShape(Type type)
    {
        Type = type;
        IgnoresUnknownMembers = type.IsDefined(typeof(IgnoresUnknownMembersAttribute));
        var nullability = new NullabilityInfoContext();
        Members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .Select(property => new InputMember(property, nullability.Create(property).WriteState == NullabilityState.Nullable))
            .ToList();
        CustomFields = Members.SingleOrDefault(member => member.ValueType == typeof(CustomFieldFilter[]));
        foreach (var member in Members.Where(member => member != CustomFields))
        {
            _byName[member.Name] = member;
            _byName[member.CamelName] = member;
        }
    }

    public Type Type { get; }

    public IReadOnlyList<InputMember> Members { get; }

    /// <summary>
    /// The member for conditions on custom fields. It has no name of its own: the parameters are called <c>custom.</c> and the name of a
    /// field.
    /// </summary>
    public InputMember? CustomFields { get; }

    /// <summary>Unknown members are ignored instead of refused.</summary>
    public bool IgnoresUnknownMembers { get; }

    public static InputShape Of(Type type) => Shapes.GetOrAdd(type, static type => new InputShape(type));

    /// <summary>The member with this name in either spelling.</summary>
    internal InputMember? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether values of this type are objects whose members are bound one by one.</summary>
    public static bool IsRecord(Type type) =>
        type.IsClass && type != typeof(string) && !type.IsArray && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type);
}

/// <summary>One member: its names on the wire, its type, and the rules it carries as attributes.</summary>
public sealed class InputMember
{
    internal InputMember(PropertyInfo property, bool nullable)
    {
        Property = property;
        Name = WireNames.Of(property.Name);
        CamelName = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var type = property.PropertyType;
        IsOptional = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
        if (IsOptional)
        {
            type = type.GetGenericArguments()[0];
        }
        ValueType = Nullable.GetUnderlyingType(type) ?? type;
        IsNullable = IsOptional ? !property.IsDefined(typeof(RequiredAttribute)) : nullable || Nullable.GetUnderlyingType(type) is not null;
        IsRequired = !IsOptional && property.IsDefined(typeof(RequiredMemberAttribute));
        IsVerbatim = property.IsDefined(typeof(VerbatimAttribute));
        IsEmail = property.IsDefined(typeof(EmailParameterAttribute)) || property.IsDefined(typeof(SearchTermAttribute));
        IsFreeText = ValueType == typeof(string[]) && property.IsDefined(typeof(FreeTextAttribute));
        Rules = property.GetCustomAttributes<ValidationAttribute>().Where(rule => rule is not RequiredAttribute).ToList();
    }

    public PropertyInfo Property { get; }

    /// <summary>snake_case, the documented spelling.</summary>
    public string Name { get; }

    public string CamelName { get; }

    /// <summary>The type without <c>Nullable</c> and <see cref="Optional{T}"/>.</summary>
    public Type ValueType { get; }

    /// <summary>A member of an update, which may be left out.</summary>
    public bool IsOptional { get; }

    /// <summary>null may be sent; on an <see cref="Optional{T}"/> unless it is marked <c>[Required]</c>.</summary>
    public bool IsNullable { get; }

    /// <summary>Must be sent: the C# member is <c>required</c>.</summary>
    public bool IsRequired { get; }

    /// <summary>A secret, which is kept character by character and not in a normal form.</summary>
    internal bool IsVerbatim { get; }

    /// <summary>May be an e-mail address, whose plus signs a query string can lose.</summary>
    internal bool IsEmail { get; }

    /// <summary>Texts that may contain commas: in a query string they are repeated, never separated by commas.</summary>
    public bool IsFreeText { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    internal void Set(object target, object? value) =>
        Property.SetValue(target, IsOptional ? Activator.CreateInstance(Property.PropertyType, value, true) : value);
}

/// <summary>For the requests of token endpoints: OAuth 2 has them ignore unknown parameters (RFC 6749, section 3.2).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IgnoresUnknownMembersAttribute : Attribute;
