using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SalesBrain.Core.Values;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>
/// The doc comments of types and members, as Markdown, from the XML files that the compiler writes beside the assemblies.
/// </summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="StartupException"/> when a file is not there.</summary>
    internal XmlComments(params IEnumerable<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            var path = Path.ChangeExtension(assembly.Location, ".xml");
            if (!File.Exists(path))
            {
                throw new StartupException($"{path} is missing: build with GenerateDocumentationFile.");
            }
            foreach (var member in XDocument.Load(path, LoadOptions.PreserveWhitespace).Descendants("member"))
            {
                _members[member.Attribute("name")!.Value] = member;
            }
        }
    }

    /// <summary>What the type is; null when nothing is written.</summary>
    internal string? Of(Type type) => Markdown(Find(type)?.Element("summary"));

    /// <summary>What the property means; a positional record says it in a <c>param</c> of its type.</summary>
    internal string? Of(PropertyInfo property)
    {
        var type = Definition(property.DeclaringType!);
        return _members.TryGetValue($"P:{Key(type)}.{property.Name}", out var member)
            ? Markdown(Inherited(member).Element("summary"))
            : Markdown(Find(type)?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")?.Value == property.Name));
    }

    /// <summary>The member, or the one whose comment it takes over with <c>inheritdoc</c>.</summary>
    private XElement Inherited(XElement member) =>
        member.Element("inheritdoc")?.Attribute("cref")?.Value is { } source && _members.TryGetValue(source, out var other) && other != member
            ? Inherited(other)
            : member;

    private XElement? Find(Type type) => _members.GetValueOrDefault($"T:{Key(Definition(type))}");

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static string Key(Type type) => type.FullName!.Replace('+', '.');

    private static string? Markdown(XElement? element)
    {
        if (element is null)
        {
            return null;
        }
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" } see => See(see),
                XElement { Name.LocalName: "paramref" or "typeparamref" } reference =>
                    Code(WireNames.Of(reference.Attribute("name")!.Value)),
                XElement { Name.LocalName: "c" or "code" } code => Code(code.Value),
                XElement other => other.Value,
                _ => "",
            });
        }
        return Blanks().Replace(text.ToString(), " ").Trim() is { Length: > 0 } result ? result : null;
    }

    /// <summary>A reference by the name it has in JSON: members in snake_case, types as they are.</summary>
    private static string See(XElement see)
    {
        if (see.Attribute("langword") is { } word)
        {
            return Code(word.Value);
        }
        if (see.Attribute("cref")?.Value is not { } reference)
        {
            return see.Value;
        }
        var name = reference.Split('(')[0].Split('.', ':')[^1].Split('`')[0];
        return Code(reference.StartsWith("T:", StringComparison.Ordinal) ? name : WireNames.Of(name));
    }

    private static string Code(string text) => $"`{text}`";

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}
