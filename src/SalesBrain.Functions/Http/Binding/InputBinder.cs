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

    internal const string UnknownParameter = "is not a known parameter";

    internal static readonly string TooDeep = $"must be nested at most {FreeJson.MaxDepth} levels deep";

    /// <param name="type">The input record.</param>
    /// <param name="json">An object.</param>
    /// <param name="isNullAbsent">Whether null means "not given", as in requests that create something. Otherwise it clears a
    /// value.</param>
    /// <param name="errors">What is wrong with the input.</param>
    internal static object FromJson(Type type, JsonElement json, bool isNullAbsent, InputErrors errors) =>
        BindObject(type, json, isNullAbsent, "", errors);

    internal static object FromPairs(Type type, IEnumerable<KeyValuePair<string, StringValues>> pairs, InputErrors errors)
    {
        var shape = InputShape.Of(type);
        var target = Activator.CreateInstance(type)!;
        var seen = new HashSet<InputMember>();
        var customFields = new List<CustomFieldFilter>();
        foreach (var (name, values) in pairs)
        {
            if (shape.CustomFields is not null && name.StartsWith(CustomFieldFilter.Prefix, StringComparison.Ordinal))
            {
                AddCustomField(customFields, name, values, errors);
                continue;
            }
            if (shape.Find(name) is not { } member)
            {
                if (!shape.IgnoresUnknownMembers)
                {
                    errors.Add(name, UnknownParameter);
                }
                continue;
            }
            if (!seen.Add(member))
            {
                errors.Add(member.Name, "is given more than once; snake_case and camelCase name the same parameter");
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
                    if (member.IsRequired)
                    {
                        errors.Add(member.Name, "must not be empty");
                    }
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
            texts = member.IsEmail ? [.. texts.Select(QueryText.WithPlusSigns)] : texts;
            if (ValueParser.TryRead(member.ValueType, texts, member.Name, errors, out var value))
            {
                Assign(member, target, value, member.Name, errors);
            }
        }
        shape.CustomFields?.Set(target, customFields.ToArray());
        Finish(shape, target, seen, "", errors);
        return target;
    }

    /// <summary>
    /// The condition on one custom field: any of the parameter's values. As with other texts, an empty one counts as absent.
    /// </summary>
    private static void AddCustomField(List<CustomFieldFilter> fields, string name, StringValues values, InputErrors errors)
    {
        var field = name[CustomFieldFilter.Prefix.Length..];
        var texts = values.Where(text => !string.IsNullOrEmpty(text)).ToArray();
        if (field.Length == 0 || CodePoints.Count(field) > CustomFieldFilter.MaxNameLength)
        {
            errors.Add(name, UnknownParameter);
        }
        else if (texts.Length > CustomFieldFilter.MostValues
            || texts.Any(text => CodePoints.Count(text!) > CustomFieldFilter.MaxValueLength))
        {
            errors.Add(
                name, $"must have at most {CustomFieldFilter.MostValues} values of at most {CustomFieldFilter.MaxValueLength} characters");
        }
        else if (fields.Count == CustomFieldFilter.MostNames)
        {
            errors.Add(name, $"is one too many: at most {CustomFieldFilter.MostNames} custom fields can be filtered by");
        }
        else if (texts.Length > 0 && ValueParser.TryRead(typeof(string[]), [field, .. texts!], name, errors, out var read))
        {
            var normal = (string[])InNormalForm(read)!;
            fields.Add(new(normal[0], normal[1..]));
        }
    }

    private static object BindObject(Type type, JsonElement json, bool isNullAbsent, string path, InputErrors errors)
    {
        var shape = InputShape.Of(type);
        var target = Activator.CreateInstance(type)!;
        var seen = new HashSet<InputMember>();
        foreach (var property in json.EnumerateObject())
        {
            if (!StorableJson.TryGetName(property, out var name) || shape.Find(name) is not { } member)
            {
                if (!shape.IgnoresUnknownMembers)
                {
                    errors.Add(path + (name ?? "?"), "is not a known field");
                }
                continue;
            }
            var memberPath = path + member.Name;
            if (!seen.Add(member))
            {
                errors.Add(memberPath, "is given more than once; snake_case and camelCase name the same field");
            }
            else if (property.Value.ValueKind == JsonValueKind.Null)
            {
                // A value that can be cleared is cleared; a new thing has none.
                if (isNullAbsent && !member.IsRequired && !(member.IsOptional && member.IsNullable))
                {
                    continue;
                }
                if (!member.IsNullable)
                {
                    errors.Add(memberPath, "must not be null");
                }
                else
                {
                    member.Set(target, null);
                }
            }
            else if (TryBindValue(member.ValueType, property.Value, isNullAbsent, memberPath, errors, out var value))
            {
                Assign(member, target, value, memberPath, errors);
            }
        }
        Finish(shape, target, seen, path, errors);
        return target;
    }

    private static bool TryBindValue(Type type, JsonElement json, bool isNullAbsent, string path, InputErrors errors, out object? value)
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
            return TryBindArray(type.GetElementType()!, json, isNullAbsent, path, errors, out value);
        }
        if (InputShape.IsRecord(type))
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                value = null;
                errors.Add(path, "must be an object");
                return false;
            }
            value = BindObject(type, json, isNullAbsent, path + ".", errors);
            return true;
        }
        return JsonValueParser.TryRead(type, json, path, errors, out value);
    }

    private static bool TryBindArray(
        Type elementType, JsonElement json, bool isNullAbsent, string path, InputErrors errors, out object? value)
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
            else if (TryBindValue(elementType, item, isNullAbsent, $"{path}[{index}]", errors, out var bound))
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
        var stored = member.IsVerbatim ? value : InNormalForm(value);
        // Both: the schema speaks of what is sent, the database of what is stored.
        foreach (var rule in member.Rules.Where(rule => !InputRules.IsValid(rule, value) || !InputRules.IsValid(rule, stored)))
        {
            errors.Add(path, InputRules.Describe(rule));
            ok = false;
        }
        if (value is string text && !member.Rules.Any(rule => rule is StringLengthAttribute or MaxLengthAttribute)
            && Math.Max(CodePoints.Count(text), CodePoints.Count((string)stored!)) > InputRules.DefaultMaxLength)
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
            member.Set(target, stored);
        }
    }

    /// <summary>The one place where texts that callers send become what is stored: Unicode NFC.</summary>
    private static object? InNormalForm(object? value) => value switch
    {
        string text => NormalForms.Nfc(text),
        string[] texts => Array.ConvertAll(texts, NormalForms.Nfc),
        _ => value,
    };

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
