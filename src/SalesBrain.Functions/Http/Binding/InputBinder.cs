using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Primitives;
using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>
/// Fills an input record from a JSON object, a query string or a form. Collects all errors instead of stopping at the first: unknown and
/// repeated members, wrong types, missing members and violated rules. Names can be in snake_case or camelCase.
/// </summary>
internal static class InputBinder
{
    /// <summary>Default maximum length of an array.</summary>
    internal const int DefaultMaxItems = 500;

    internal static readonly string TooDeep = $"must be nested at most {FreeJson.MaxDepth} levels deep";

    internal static object FromJson(Type type, JsonElement json, InputErrors errors) => BindObject(type, json, "", errors);

    internal static object FromPairs(Type type, IEnumerable<KeyValuePair<string, StringValues>> pairs, InputErrors errors)
    {
        var shape = InputShape.Of(type);
        var target = Activator.CreateInstance(type)!;
        var seen = new HashSet<InputMember>();
        foreach (var (name, values) in pairs)
        {
            if (shape.Find(name) is not { } member)
            {
                errors.Add(name, "is not a known parameter");
                continue;
            }
            if (!seen.Add(member))
            {
                errors.Add(member.Name, "is given more than once");
                continue;
            }
            // An empty text counts as absent, because forms send it for an untouched field. Everything else needs a value: an empty dry_run
            // must not delete, and an empty filter must not match everything.
            var texts = values.Select(text => text ?? "").ToArray();
            if (member.ValueType == typeof(string))
            {
                texts = [.. texts.Where(text => text.Length > 0)];
                if (texts.Length == 0)
                {
                    continue;
                }
            }
            else if (!member.IsFreeText)
            {
                texts = member.ValueType.IsArray ? [.. texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))] : texts;
            }
            if (texts.Any(string.IsNullOrEmpty))
            {
                errors.Add(member.Name, "must not be empty");
                continue;
            }
            if (ValueParser.TryRead(member.ValueType, texts, member.Name, errors, out var value))
            {
                Assign(member, target, value, member.Name, errors);
            }
        }
        Finish(shape, target, seen, "", errors);
        return target;
    }

    private static object BindObject(Type type, JsonElement json, string path, InputErrors errors)
    {
        var shape = InputShape.Of(type);
        var target = Activator.CreateInstance(type)!;
        var seen = new HashSet<InputMember>();
        foreach (var property in json.EnumerateObject())
        {
            if (!StorableJson.TryGetName(property, out var name) || shape.Find(name) is not { } member)
            {
                errors.Add(path + (name ?? "?"), "is not a known field");
                continue;
            }
            var memberPath = path + member.Name;
            if (!seen.Add(member))
            {
                errors.Add(memberPath, "is given more than once");
            }
            else if (property.Value.ValueKind == JsonValueKind.Null)
            {
                if (!member.IsNullable)
                {
                    errors.Add(memberPath, "must not be null");
                }
                else
                {
                    member.Set(target, null);
                }
            }
            else if (TryBindValue(member.ValueType, property.Value, memberPath, errors, out var value))
            {
                Assign(member, target, value, memberPath, errors);
            }
        }
        Finish(shape, target, seen, path, errors);
        return target;
    }

    private static bool TryBindValue(Type type, JsonElement json, string path, InputErrors errors, out object? value)
    {
        if (type == typeof(JsonElement))
        {
            value = json.Clone();
            // The depth first: the other checks recurse.
            if (!FreeJson.IsShallow(json))
            {
                errors.Add(path, TooDeep);
                return false;
            }
            if (!StorableJson.AreStorable(json))
            {
                errors.Add(path, StorableJson.NotStorable);
                return false;
            }
            return true;
        }
        if (type.IsArray)
        {
            return TryBindArray(type.GetElementType()!, json, path, errors, out value);
        }
        if (InputShape.IsRecord(type))
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                value = null;
                errors.Add(path, "must be an object");
                return false;
            }
            value = BindObject(type, json, path + ".", errors);
            return true;
        }
        return JsonValueParser.TryRead(type, json, path, errors, out value);
    }

    private static bool TryBindArray(Type elementType, JsonElement json, string path, InputErrors errors, out object? value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Array)
        {
            errors.Add(path, "must be an array");
            return false;
        }
        var array = Array.CreateInstance(elementType, json.GetArrayLength());
        var ok = true;
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Null)
            {
                errors.Add($"{path}[{index}]", "must not be null");
                ok = false;
            }
            else if (TryBindValue(elementType, item, $"{path}[{index}]", errors, out var bound))
            {
                array.SetValue(bound, index);
            }
            else
            {
                ok = false;
            }
            index++;
        }
        value = array;
        return ok;
    }

    private static void Assign(InputMember member, object target, object? value, string path, InputErrors errors)
    {
        var ok = true;
        foreach (var rule in member.Rules.Where(rule => !rule.IsValid(value)))
        {
            errors.Add(path, InputRules.Describe(rule));
            ok = false;
        }
        if (value is string text && text.Length > InputRules.DefaultMaxLength && !member.Rules.Any(rule => rule is StringLengthAttribute or MaxLengthAttribute))
        {
            errors.Add(path, $"must be at most {InputRules.DefaultMaxLength} characters");
            ok = false;
        }
        if (value is Array { Length: > DefaultMaxItems } && !member.Rules.Any(rule => rule is LengthAttribute or MaxLengthAttribute))
        {
            errors.Add(path, $"must have at most {DefaultMaxItems} items");
            ok = false;
        }
        if (ok)
        {
            member.Set(target, value);
        }
    }

    private static void Finish(InputShape shape, object target, HashSet<InputMember> seen, string path, InputErrors errors)
    {
        foreach (var member in shape.Members.Where(member => member.IsRequired && !seen.Contains(member)))
        {
            errors.Add(path + member.Name, "is required");
        }
        if (target is IValidatableObject validatable && !errors.Any)
        {
            foreach (var result in validatable.Validate(new ValidationContext(target)))
            {
                foreach (var name in result.MemberNames.DefaultIfEmpty("body"))
                {
                    errors.Add(path + WireNames.Of(name), result.ErrorMessage ?? "is not valid");
                }
            }
        }
    }
}
