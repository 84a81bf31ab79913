using Dapper;

namespace SalesBrain.Data.Paging;

/// <summary>
/// SQL and its parameters, before a session sends them: what a list reads can be tested, printed and explained without a database. The
/// parameters are the properties of the objects; <see cref="DynamicParameters"/> are parameters themselves.
/// </summary>
internal sealed record Statement(string Sql, params IReadOnlyList<object> Parameters)
{
    /// <summary>The parameters as a session takes them.</summary>
    internal DynamicParameters Arguments
    {
        get
        {
            var arguments = new DynamicParameters();
            foreach (var part in Parameters)
            {
                arguments.AddDynamicParams(part);
            }
            return arguments;
        }
    }

    /// <summary>The value of each parameter by its name, of which letter case makes no difference; more than the SQL uses.</summary>
    internal IReadOnlyDictionary<string, object?> Values
    {
        get
        {
            var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            foreach (var part in Parameters)
            {
                if (part is DynamicParameters dynamic)
                {
                    foreach (var name in dynamic.ParameterNames)
                    {
                        values.Add(name, dynamic.Get<object?>(name));
                    }
                    continue;
                }
                foreach (var property in part.GetType().GetProperties())
                {
                    values.Add(property.Name, property.GetValue(part));
                }
            }
            return values;
        }
    }
}
