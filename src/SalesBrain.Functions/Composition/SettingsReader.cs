using Microsoft.Extensions.Configuration;
using Npgsql;

namespace SalesBrain.Functions.Composition;

/// <summary>Reads settings, gathers everything that is wrong with them, and tells all of it at once.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _problems = [];

    internal string Text(string name, string meaning, string? otherwise = null)
    {
        var value = configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        if (string.IsNullOrWhiteSpace(value))
        {
            if (otherwise is null)
            {
                _problems.Add($"{name} is missing: {meaning}.");
            }
            return otherwise ?? "";
        }
        if (value.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
        {
            _problems.Add($"{name} is a Key Vault reference that was not resolved: check the secret's name and the app's access to the vault.");
        }
        return value;
    }

    internal int Number(string name, string meaning, int otherwise, int from, int to)
    {
        var text = Text(name, meaning, otherwise.ToString());
        if (!int.TryParse(text, out var value) || value < from || value > to)
        {
            _problems.Add($"{name} must be a whole number from {from} to {to}: {meaning}.");
            return otherwise;
        }
        return value;
    }

    internal Uri Url(string name, string meaning, string? otherwise = null)
    {
        var text = Text(name, meaning, otherwise);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }
        if (text.Length > 0)
        {
            _problems.Add($"{name} must be an absolute http or https URL: {meaning}.");
        }
        return new Uri("https://invalid.example");
    }

    internal string Connection(string name, string meaning)
    {
        var text = Text(name, meaning);
        try
        {
            return new NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (ArgumentException)
        {
            // Never the text itself: it holds a password.
            _problems.Add($"{name} is not a PostgreSQL connection string: {meaning}.");
            return "";
        }
    }

    /// <summary>A section bound to a class that knows its own problems.</summary>
    internal T Section<T>(string name, Func<T, IReadOnlyList<string>> problems)
        where T : new()
    {
        try
        {
            var value = configuration.GetSection(name).Get<T>() ?? new T();
            _problems.AddRange(problems(value));
            return value;
        }
        catch (InvalidOperationException e)
        {
            _problems.Add($"The settings {name}__… cannot be read: {e.InnerException?.Message ?? "one of them has the wrong form"}");
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
}
