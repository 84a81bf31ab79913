using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;
using SalesBrain.Data.Sessions;

namespace SalesBrain.Functions.Configuration;

/// <summary>Reads settings, collects all problems, and reports them together.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<Setting> _asked = [];
    private readonly List<string> _problems = [];

    /// <summary>Every setting that was read, whether or not it is set.</summary>
    internal IReadOnlyList<Setting> Asked => _asked;

    internal string Text(string name, string meaning, string? otherwise = null) => Find(name, meaning, otherwise) ?? otherwise ?? "";

    internal int Number(string name, string meaning, int otherwise, int from, int to)
    {
        var text = Find(name, meaning, otherwise.ToString());
        if (text is null)
        {
            return otherwise;
        }
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < from || value > to)
        {
            _problems.Add($"{name} must be a whole number from {from} to {to}: {meaning}.");
        }
        return value;
    }

    /// <summary>One of the values, in lower case; empty if there is a problem.</summary>
    internal string Choice(string name, string meaning, IReadOnlyList<string> values, string? otherwise = null)
    {
        var expected = string.Join(" or ", values);
        var text = Find(name, $"{meaning}: {expected}", otherwise)?.Trim().ToLowerInvariant();
        Check(text is null || values.Contains(text), $"{name} must be {expected}: {meaning}.");
        return text is not null && values.Contains(text) ? text : "";
    }

    /// <summary>
    /// Reports a problem that concerns several settings, unless one of them has a problem already, from which it would follow.
    /// </summary>
    internal void Check(bool holds, string problem)
    {
        if (!holds && !_problems.Exists(earlier => problem.Contains(earlier.Split(' ')[0], StringComparison.Ordinal)))
        {
            _problems.Add(problem);
        }
    }

    internal Uri Url(string name, string meaning, string? otherwise = null)
    {
        var text = Find(name, meaning, otherwise);
        if (text is not null && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }
        if (text is not null)
        {
            _problems.Add($"{name} must be an absolute http or https URL: {meaning}.");
        }
        return new Uri("https://invalid.example");
    }

    /// <summary>Null if it is not set.</summary>
    internal string? OptionalUrl(string name, string meaning)
    {
        var text = Find(name, meaning, "");
        Check(
            string.IsNullOrWhiteSpace(text) || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"),
            $"{name} must be an absolute http or https URL: {meaning}.");
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    internal string Connection(string name, string meaning)
    {
        var text = Find(name, meaning, null);
        if (text is null)
        {
            return "";
        }
        if (!SalesBrainDatabase.IsConnectionString(text))
        {
            // Never include the value: it contains a password.
            _problems.Add($"{name} is not a PostgreSQL connection string such as Host=…;Database=…;Username=…: {meaning}.");
            return "";
        }
        return new NpgsqlConnectionStringBuilder(text).ConnectionString;
    }

    internal void Schedule(string name, string meaning)
    {
        if (Find(name, $"{meaning}, {Schedules.Expected}", null) is { } text && Schedules.Parse(text) is null)
        {
            _problems.Add($"{name} must be {Schedules.Expected}: {meaning}.");
        }
    }

    /// <summary>A section bound to a class that validates itself.</summary>
    internal T Section<T>(string name, Func<T, IReadOnlyList<string>> problems)
        where T : new()
    {
        _asked.AddRange(SettingsOf(name, typeof(T), new T()));
        var unresolved = configuration.GetSection(name).AsEnumerable()
            .Where(setting => IsUnresolved(setting.Value))
            .Select(setting => NameOf(setting.Key))
            .ToList();
        _problems.AddRange(unresolved.Select(Unresolved));
        try
        {
            var value = configuration.GetSection(name).Get<T>() ?? new T();
            _problems.AddRange(problems(value).Where(problem => !unresolved.Contains(problem.Split(' ')[0])));
            return value;
        }
        catch (InvalidOperationException) when (unresolved.Count > 0)
        {
            return new T();
        }
        catch (InvalidOperationException e)
        {
            // The message names the path it could not convert.
            var setting = _asked.Find(asked => e.Message.Contains($"'{PathOf(asked.Name)}'", StringComparison.OrdinalIgnoreCase))?.Name
                ?? $"{name}__…";
            var expected = e.Message.Contains("TimeSpan", StringComparison.Ordinal)
                ? "must be a duration such as 00:15:00"
                : "has an invalid value";
            _problems.Add($"{setting} {expected}.");
            return new T();
        }
    }

    internal void ThrowIfAnyProblem()
    {
        if (_problems.Count > 0)
        {
            throw new SettingsException(_problems);
        }
    }

    /// <summary>The setting's value or its default. Null, and a problem is added, if it is missing or an unresolved reference.</summary>
    private string? Find(string name, string meaning, string? otherwise)
    {
        _asked.Add(new Setting(name, meaning, otherwise));
        var value = configuration[PathOf(name)];
        if (string.IsNullOrWhiteSpace(value))
        {
            if (otherwise is null)
            {
                _problems.Add($"{name} is missing: {meaning}.");
            }
            return otherwise;
        }
        if (IsUnresolved(value))
        {
            _problems.Add(Unresolved(name));
            return null;
        }
        return value;
    }

    /// <summary>
    /// The names of the settings that a class binds, one for each scalar member. List items are named once, with index 0.
    /// </summary>
    private static IEnumerable<Setting> SettingsOf(string prefix, Type type, object? defaults)
    {
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
        {
            var name = $"{prefix}__{property.Name}";
            if (property.PropertyType.GetInterfaces().Append(property.PropertyType)
                .FirstOrDefault(item => item.IsGenericType && item.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) is { } list)
            {
                foreach (var setting in SettingsOf($"{name}__0", list.GetGenericArguments()[0], null))
                {
                    yield return setting;
                }
            }
            else
            {
                yield return new Setting(name, "", defaults is null ? null : property.GetValue(defaults)?.ToString());
            }
        }
    }

    /// <summary>App Service passes the reference itself on when it could not read the vault.</summary>
    private static bool IsUnresolved(string? value) =>
        value?.TrimStart().StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true;

    private static string Unresolved(string name) =>
        $"{name} is a Key Vault reference that was not resolved: check the secret's name and the app's access to the vault.";

    private static string PathOf(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    private static string NameOf(string path) => path.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>A setting that the app reads. Without a default it is required. The meaning is empty if a class binds it.</summary>
internal sealed record Setting(string Name, string Meaning, string? Default);
