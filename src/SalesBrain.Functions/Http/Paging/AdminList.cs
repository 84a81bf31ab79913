using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Functions.Http.Paging;

/// <summary>A list that can be read on from where a page ended.</summary>
public interface ICursorList
{
    string? Cursor { get; }
}

/// <summary>
/// What every admin list takes: <c>limit</c>, and where the page begins, by <c>offset</c> or by <c>cursor</c>. An input that has a base
/// already implements this itself and validates with <see cref="PageRules.Check(IAdminList)"/>; every other one derives from <see cref="AdminList"/>.
/// </summary>
public interface IAdminList : ICursorList
{
    int Limit { get; }

    int Offset { get; }
}

/// <inheritdoc cref="IAdminList"/>
public abstract record AdminList : IAdminList, IValidatableObject
{
    /// <summary>Rows per page.</summary>
    [Range(1, PageRules.MaxLimit)]
    public int Limit { get; init; } = PageRules.DefaultLimit;

    /// <summary>Rows to skip. For pages beyond the first 10,000 rows, and for lists that grow meanwhile, use cursor.</summary>
    [Range(0, int.MaxValue, ErrorMessage = PageRules.NegativeOffset)]
    public int Offset { get; init; }

    /// <summary>The <c>next_cursor</c> of the previous page. Send the same filters.</summary>
    [StringLength(PageRules.MaxCursorLength)]
    public string? Cursor { get; init; }

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => PageRules.Check(this);
}
